/**
 * The verbs that go beyond one machine, over Aeron.
 */
package io.kekbit.cli.aeron;
