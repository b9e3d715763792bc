package io.gatecast.app.alerts;

import org.jspecify.annotations.Nullable;

/// What is known of an episode that is open.
final class Episode {
    private final Turn first;
    private @Nullable Turn held;
    private @Nullable Turn heldLast;
    private @Nullable Turn told;
    private boolean released;

    /// @param first that was read of it: its opening, unless that is no longer in the topic
    Episode(Turn first) {
        this.first = first;
    }

    Turn first() {
        return first;
    }

    /// @return the first and, if there is another, the last turn that was held back by a mute
    TurnsHeld held() {
        return new TurnsHeld(held, heldLast == held ? null : heldLast);
    }

    /// @return what the receiver has heard last; null = nothing
    @Nullable
    Turn told() {
        return told;
    }

    /// @return whether a mute is all that kept the receiver from hearing of it
    boolean isHeld() {
        return told == null && held != null;
    }

    void hold(Turn turn) {
        held = held == null ? turn : held;
        heldLast = turn;
    }

    void tell(Turn turn) {
        told = turn;
    }

    /// It was told although a mute had held it back, since that was over.
    void release() {
        released = true;
    }

    boolean isReleased() {
        return released;
    }

    /// @param first null = nothing was held back
    /// @param last  null = nothing else was
    record TurnsHeld(@Nullable Turn first, @Nullable Turn last) {}
}
