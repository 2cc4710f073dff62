/**
 * An example of a channel that is copied to other hosts over Aeron while it is written.
 */
package io.kekbit.examples.replicate;
