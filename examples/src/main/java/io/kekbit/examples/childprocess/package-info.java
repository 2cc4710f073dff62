/**
 * The Rust crate's benchmark: how fast one process writes, and others read at the same time.
 */
package io.kekbit.examples.childprocess;
