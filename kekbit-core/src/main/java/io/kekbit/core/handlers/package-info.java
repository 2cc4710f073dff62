/**
 * What can be put around every payload of a channel: a time stamp, a sequence number, a checksum. They are the envelope
 * codes 1, 2 and 3 of the file format, so that every reader and tool finds the payload.
 */
package io.kekbit.core.handlers;
