/**
 * Programs that show how kekbit is used, one task each. {@link io.kekbit.examples.Examples} starts them by name.
 */
package io.kekbit.examples;
