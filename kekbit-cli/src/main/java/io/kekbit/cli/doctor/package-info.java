/**
 * {@code kekbit doctor}: whether a machine and a folder are fit for channels.
 */
package io.kekbit.cli.doctor;
