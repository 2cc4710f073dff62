package io.kekbit.core.layout;

/**
 * A channel's blueprint as bytes, all little endian: what is needed to make a file that is the channel but for its
 * records, see {@link io.kekbit.core.ChannelBlueprint}.
 * <pre>
 *  +-------------------------------+-------------------------------+
 *  |       Layout version, 1       |    Schema: length in bytes    |  0
 *  +-------------------------------+-------------------------------+
 *  |           Header: bytes 0 to 127 of the channel file        ...  8
 *  +---------------------------------------------------------------+
 *  |                        Data format id                         |  136
 *  +-------------------------------+-------------------------------+
 *  |    Index capacity, entries    |     Index stride, bytes       |  144
 *  +-------------------------------+-------------------------------+
 *  |            Envelope: 8 handler codes, outermost first         |  152
 *  +---------------------------------------------------------------+
 *  |                 Media type: 64 bytes of ASCII               ...  160
 *  +---------------------------------------------------------------+
 *  |                   Label: 64 bytes of UTF-8                  ...  224
 *  +---------------------------------------------------------------+
 *  |       Series: stream id, ordinal, first record number       ...  288
 *  +---------------------------------------------------------------+
 *  |              Schema: as many bytes as its length            ...  312
 *  +---------------------------------------------------------------+
 * </pre>
 */
public final class BlueprintDescriptor
{
    /**
     * The version of this layout.
     */
    public static final int VERSION = 1;

    /**
     * Offset of the layout's version, a u32.
     */
    public static final int VERSION_OFFSET = 0;

    /**
     * Offset of the schema's length in bytes, a u32; 0 where there is none.
     */
    public static final int SCHEMA_LENGTH_OFFSET = 4;

    /**
     * Offset of the header, see {@link HeaderDescriptor}.
     */
    public static final int HEADER_OFFSET = 8;

    /**
     * Offset of the data format id, a u64.
     */
    public static final int FORMAT_ID_OFFSET = 136;

    /**
     * Offset of the index's capacity in entries, a u32; 0 where there is no index.
     */
    public static final int INDEX_CAPACITY_OFFSET = 144;

    /**
     * Offset of the index's stride in bytes, a u32.
     */
    public static final int INDEX_STRIDE_OFFSET = 148;

    /**
     * Offset of the envelope's codes, as many bytes as {@link ExtensionDescriptor#ENVELOPE_LENGTH}.
     */
    public static final int ENVELOPE_OFFSET = 152;

    /**
     * Offset of the media type, as many bytes as {@link ExtensionDescriptor#MEDIA_TYPE_LENGTH}.
     */
    public static final int MEDIA_TYPE_OFFSET = 160;

    /**
     * Offset of the label, as many bytes as {@link ExtensionDescriptor#LABEL_LENGTH}.
     */
    public static final int LABEL_OFFSET = 224;

    /**
     * Offset of the place in a series: three u64.
     */
    public static final int SERIES_OFFSET = 288;

    /**
     * Length of the place in a series in bytes.
     */
    public static final int SERIES_LENGTH = 24;

    /**
     * Offset of the schema.
     */
    public static final int SCHEMA_OFFSET = 312;

    private BlueprintDescriptor()
    {
    }
}
