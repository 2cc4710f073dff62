/**
 * What several examples share. Nothing of kekbit is explained here.
 */
package io.kekbit.examples.support;
