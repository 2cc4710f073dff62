/**
 * The {@code kekbit} command: one class for each verb, {@link io.kekbit.cli.Kekbit} to start them.
 */
package io.kekbit.cli;
