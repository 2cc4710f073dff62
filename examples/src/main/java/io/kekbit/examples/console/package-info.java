/**
 * Examples for two terminals: lines that people type go through channels.
 */
package io.kekbit.examples.console;
