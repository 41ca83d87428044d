package io.grape.vectors.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The tables in the javadoc of {@link SegmentLayout} and {@link FileHeader}, in numbers. */
class SegmentLayoutTest {
    @Test
    void columnsFollowEachOtherWithoutGapsAndStartOnCacheLines() {
        SegmentLayout layout = new SegmentLayout(1, 100, 448, 48);
        assertThat(layout.idOffset()).isEqualTo(64);
        assertThat(layout.versionOffset()).isEqualTo(64 + 48 * 16);
        assertThat(layout.createdAtOffset()).isEqualTo(64 + 48 * 24);
        assertThat(layout.deletedAtOffset()).isEqualTo(64 + 48 * 32);
        assertThat(layout.payloadRefOffset()).isEqualTo(64 + 48 * 40);
        assertThat(layout.payloadBytesOffset()).isEqualTo(64 + 48 * 48);
        assertThat(layout.inverseNormOffset()).isEqualTo(64 + 48 * 52);
        assertThat(layout.vectorOffset()).isEqualTo(64 + 48 * SegmentLayout.COLUMN_BYTES);
        assertThat(layout.fileBytes()).isEqualTo(64 + 48 * (56 + 448));
        long[] offsets = {
            layout.versionOffset(), layout.deletedAtOffset(), layout.payloadBytesOffset(), layout.inverseNormOffset()
        };
        for (long offset : offsets) {
            assertThat(offset % 64).isZero();
        }
    }

    @Test
    void theHeaderIsOneCacheLineAndItsFieldsDoNotOverlap() {
        assertThat(FileHeader.BYTES).isEqualTo(64);
        assertThat(FileHeader.VERSION_OFFSET).isEqualTo(8);
        assertThat(FileHeader.METRIC_OFFSET).isEqualTo(12);
        assertThat(FileHeader.DIMENSION_OFFSET).isEqualTo(16);
        assertThat(FileHeader.STRIDE_OFFSET).isEqualTo(20);
        assertThat(FileHeader.ROW_CAPACITY_OFFSET).isEqualTo(24);
        assertThat(FileHeader.FILE_INDEX_OFFSET).isEqualTo(28);
        assertThat(FileHeader.FILE_BYTES_OFFSET).isEqualTo(32);
        assertThat(FileHeader.RESERVED_OFFSET).isEqualTo(40);
        assertThat(FileHeader.CRC_OFFSET).isEqualTo(60);
        assertThat(FileHeader.SEGMENT_MAGIC).isEqualTo(0x4745534550415247L);
    }

    @Test
    void oddRowCountsAndStridesAreBugs() {
        assertThatThrownBy(() -> new SegmentLayout(1, 1, 64, 17)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SegmentLayout(1, 1, 60, 16)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SegmentLayout(1, 17, 64, 16)).isInstanceOf(IllegalArgumentException.class);
    }
}
