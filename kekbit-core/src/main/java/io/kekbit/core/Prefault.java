package io.kekbit.core;

/**
 * When the pages of a channel's file are brought into the reach of the process that maps it.
 * <p>
 * The first store to a page of 4 KiB, and the first load from it, is a page fault: the operating system takes a
 * microsecond or more to enter the page into the tables of the process, and the record that happens to stand there is
 * that much later. Of records of 64 bytes, that is one in 57.
 * <p>
 * {@link #NOW} is all that is needed on tmpfs, where a page once touched stays so. On a file system with a device
 * behind it (ext4, XFS), every page that was written back, by {@link Writer#flush()} or by the operating system after
 * some seconds, takes another and dearer fault at the next store to it. There a {@link PrefaultAgent} has to go on
 * touching.
 */
public enum Prefault
{
    /**
     * When they are used for the first time: nothing is done ahead. For channels whose readers can do without the last
     * microseconds, and for reading what is long past.
     */
    NONE,

    /**
     * Before creating, resuming or opening the channel returns, which takes some hundred milliseconds per GiB longer
     * then, and as much memory as the file is long: for channels that are short, or are filled soon. On a file system
     * with a device behind it, a writer's touch makes the operating system write the whole file once more.
     * <p>
     * Where a page cannot be had, because the file was cut short meanwhile, the call throws and lets go of the channel.
     * One that was just created stays then as if its writer had died, and can be resumed.
     * <p>
     * A file with holes, as the Rust crate makes it, gets memory for them on tmpfs where a reader touches them.
     */
    NOW
}
