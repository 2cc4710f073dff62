/**
 * Simple Binary Encoding on channels: messages are encoded straight into the channel and decoded straight from it.
 */
package io.kekbit.sbe;
