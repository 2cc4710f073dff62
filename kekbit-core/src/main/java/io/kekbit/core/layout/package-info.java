/**
 * The channel file, byte by byte: one descriptor for each memory layout. For tools and tests; applications do not need
 * it. All fields are little endian.
 */
package io.kekbit.core.layout;
