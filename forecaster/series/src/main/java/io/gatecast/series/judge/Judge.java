package io.gatecast.series.judge;

/// A part that remembers something of each series. It holds no series' memory itself: every call is handed a
/// little-endian [java.nio.ByteBuffer] and the position where this part's bytes begin, reads and writes them in place
/// by absolute position, and touches nothing else of the buffer. Bytes that are all zero are a fresh series.
public sealed interface Judge
        permits Calibration, HorizonCalibration, AnomalyScore, Rarity, Episodes, Skill, HorizonSkill {

    /// @return how many bytes it keeps of each series
    int bytes();
}
