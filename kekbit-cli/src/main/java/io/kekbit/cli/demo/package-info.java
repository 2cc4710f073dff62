/**
 * The command that shows channels at work, {@code demo}.
 */
package io.kekbit.cli.demo;
