/**
 * An example of a dialogue: requests go through one channel, replies come back through another.
 */
package io.kekbit.examples.request;
