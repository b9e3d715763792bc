package io.gatecast.streams;

/// Something about a topic that is not as it should be.
///
/// @param topic   which one
/// @param grave   whether no instance should run with it: records would be lost or refused
/// @param finding what was found, what was expected, and why
/// @param remedy  a command that mends it, or else what to do
public record TopicFault(String topic, boolean grave, String finding, String remedy) {

    /// @return all of it in one sentence
    public String sentence() {
        return "topic " + topic + " " + finding + ": " + remedy;
    }
}
