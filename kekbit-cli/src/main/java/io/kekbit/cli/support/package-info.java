/**
 * What all commands share: which channel they are about, how they print, and how they fail.
 */
package io.kekbit.cli.support;
