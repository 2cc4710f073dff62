/**
 * Everything that can go wrong, one type for each case: {@link io.kekbit.core.exceptions.ChannelException} for making,
 * opening and positioning, {@link io.kekbit.core.exceptions.WriteException} for appending. All are unchecked, name the
 * file they are about, and say what to do.
 */
package io.kekbit.core.exceptions;
