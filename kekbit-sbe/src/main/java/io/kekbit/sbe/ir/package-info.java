/**
 * Messages decoded without generated classes, from the serialised schema alone that a channel carries: for tools that
 * show what is in any channel. Needs sbe-tool on the class path, which is an optional dependency of kekbit-sbe.
 */
package io.kekbit.sbe.ir;
