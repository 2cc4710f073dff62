/**
 * The commands about whole channels: what is there, what it is made of, and whether it is as it should be.
 */
package io.kekbit.cli.channels;
