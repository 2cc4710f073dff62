/**
 * A recording is replayed by the times at which its messages happened.
 */
package io.kekbit.examples.replay;
