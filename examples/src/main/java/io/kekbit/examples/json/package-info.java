/**
 * An example of a data format that an application adds of its own.
 */
package io.kekbit.examples.json;
