package io.kekbit.core;

import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * What a writer does, in stages, at each of which it may be killed: in this process, which looks at the files then, or
 * in one of its own, which waits to be killed.
 */
final class StagedRun
{
    static final int MAX_LENGTH = 64;
    static final int RECORDS = 120;
    static final int FLUSHED_RECORDS = 60;

    /**
     * What the writer does.
     */
    enum Scenario
    {
        CREATE(true, 0),
        CREATE_WITHOUT_LINKS(false, 0),
        RESUME(true, RECORDS),
        RESUME_AFTER_RESTART(true, FLUSHED_RECORDS),
        WRITE_AND_CLOSE(true, 0);

        private final boolean hasHardLinks;
        private final int records;

        Scenario(final boolean hasHardLinks, final int records)
        {
            this.hasHardLinks = hasHardLinks;
            this.records = records;
        }

        boolean isCreation()
        {
            return this == CREATE || this == CREATE_WITHOUT_LINKS;
        }

        boolean isResume()
        {
            return this == RESUME || this == RESUME_AFTER_RESTART;
        }
    }

    /**
     * A stage of a run.
     *
     * @param number    of the stage, from 1.
     * @param next      what would be done next.
     * @param attempted number of the record that is being written.
     * @param published number of the last record that was published for certain.
     */
    record Stage(int number, String next, long attempted, long published)
    {
    }

    private final Scenario scenario;
    private final Consumer<Stage> onStage;
    private final SequenceHandler sequence = new SequenceHandler();
    private boolean isStaged;
    private int stages;
    private long attempted;
    private long published;

    StagedRun(final Scenario scenario, final Consumer<Stage> onStage)
    {
        this.scenario = scenario;
        this.onStage = onStage;
        attempted = scenario.records;
        published = scenario.records;
    }

    /**
     * @param args scenario, root, number of the stage at which to wait for the end.
     */
    public static void main(final String[] args) throws IOException
    {
        ChildJvm.endWithParent();
        final int last = Integer.parseInt(args[2]);
        new StagedRun(
            Scenario.valueOf(args[0]),
            (stage) ->
            {
                if (stage.number() == last)
                {
                    System.out.println(stage.attempted() + " " + stage.published() + " " + stage.next());
                    while (true)
                    {
                        LockSupport.park();
                    }
                }
            }).run(Path.of(args[1]));
        System.out.println("there is no such stage");
    }

    /**
     * Create or resume without stages.
     */
    static EnvelopeWriter<DataFormat> createOrResume(final Scenario scenario, final Path root)
    {
        return createOrResume(
            scenario, root, StagedFiles.withoutForcing(scenario.hasHardLinks), new SequenceHandler());
    }

    private static EnvelopeWriter<DataFormat> createOrResume(
        final Scenario scenario, final Path root, final ChannelFiles files, final SequenceHandler sequence)
    {
        final ShmWriterBuilder<DataFormat> builder = ShmWriter
            .<DataFormat>builder(root, TestChannels.smallHeader().creationTime(1).build(), new FormatWithSchema())
            .files(files)
            .discardSuspect(true);

        return EnvelopeWriter.createOrResume(builder, sequence, new ChecksumHandler());
    }

    /**
     * Make what is there before: for those that resume a channel whose writer died in the middle of a record.
     */
    static void prepare(final Scenario scenario, final Path root) throws IOException
    {
        Files.createDirectories(root);
        if (!scenario.isResume())
        {
            return;
        }

        final Path living = root.resolveSibling(root.getFileName() + "-living");
        final Path file = TestChannels.file(root);
        Files.createDirectories(file.getParent());
        try (EnvelopeWriter<DataFormat> writer = createOrResume(scenario, living))
        {
            for (int number = 1; number <= RECORDS; number++)
            {
                NumberedRecords.tryWrite(writer, number, MAX_LENGTH);
                if (number == FLUSHED_RECORDS)
                {
                    writer.flush();
                }
            }
            writer.claim(MAX_LENGTH);
            NumberedRecords.fill(RECORDS + 1, writer.slot(), 0, MAX_LENGTH / 2);
            Files.copy(TestChannels.file(living), file);
        }
        if (scenario == Scenario.RESUME_AFTER_RESTART)
        {
            TestChannels.putLong(file, ExtensionDescriptor.BOOT_ID_OFFSET, 0x1122_3344_5566_7788L);
        }
    }

    void run(final Path root) throws IOException
    {
        isStaged = scenario != Scenario.WRITE_AND_CLOSE;
        final ChannelFiles files = new StagedFiles(scenario.hasHardLinks, this::onStage);
        try (EnvelopeWriter<DataFormat> writer = createOrResume(scenario, root, files, sequence))
        {
            if (!isStaged)
            {
                write(writer);
            }
            onStage("nothing");
            isStaged = scenario == Scenario.WRITE_AND_CLOSE;
        }
        onStage("nothing");
    }

    /**
     * Every way to write, across the place where the index gets its second entry.
     */
    private void write(final Writer<DataFormat> writer)
    {
        while (writer.writeOffset() < 3900)
        {
            writeOne(writer);
        }
        isStaged = true;
        while (writer.writeOffset() < 4200)
        {
            writeOne(writer);
        }
        writer.heartbeat();
        writer.flush();

        attempted++;
        final int length = NumberedRecords.length(attempted, MAX_LENGTH);
        writer.write((format, slot, offset, maxLength) ->
        {
            NumberedRecords.fill(attempted, slot, offset, length / 2);
            onStage("other half of a record");
            NumberedRecords.fill(attempted, slot, offset, length);

            return length;
        });
        published++;

        writer.claim(MAX_LENGTH);
        writer.slot().setMemory(0, MAX_LENGTH, (byte)0xEE);
        onStage("abort");
        writer.abort();
        writeOne(writer);
    }

    private void writeOne(final Writer<DataFormat> writer)
    {
        attempted++;
        NumberedRecords.tryWrite(writer, attempted, MAX_LENGTH);
        published++;
    }

    private void onStage(final String next)
    {
        if (isStaged)
        {
            stages++;
            onStage.accept(new Stage(stages, next, attempted, published));
        }
    }

    /**
     * A format that stores a schema, so that this is one more stage.
     */
    private static final class FormatWithSchema implements DataFormat
    {
        private static final UnsafeBuffer SCHEMA = new UnsafeBuffer("a schema".getBytes(StandardCharsets.US_ASCII));

        @Override
        public long id()
        {
            return 1L << 40;
        }

        @Override
        public String mediaType()
        {
            return "application/x-staged";
        }

        @Override
        public DirectBuffer schema()
        {
            return SCHEMA;
        }
    }
}
