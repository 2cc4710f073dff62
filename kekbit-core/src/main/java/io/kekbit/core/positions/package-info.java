/**
 * Readers that have a name, and go on where the reader of that name stopped, whatever it ended of.
 * <p>
 * {@link io.kekbit.core.positions.NamedReader} reads as any reader does, and stores how far it has come in a small
 * mapped file, in a folder of the application's choice. {@link io.kekbit.core.positions.NamedPositions} lists who has
 * come how far, for monitors and for whoever deletes what nobody needs any more.
 */
package io.kekbit.core.positions;
