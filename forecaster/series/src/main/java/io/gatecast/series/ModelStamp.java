package io.gatecast.series;

/// Which model a state was written under, in eight bytes.
///
/// @param idHash  [String#hashCode] of its id, which the language fixes
/// @param version its version
record ModelStamp(int idHash, int version) {

    static ModelStamp of(Model model) {
        return new ModelStamp(model.id().hashCode(), model.version());
    }
}
