/**
 * An example of a writer that is killed, and of the next one that goes on where it stopped.
 */
package io.kekbit.examples.resume;
