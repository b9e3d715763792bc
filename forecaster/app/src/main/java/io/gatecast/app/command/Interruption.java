package io.gatecast.app.command;

import java.util.concurrent.CountDownLatch;

/// Turns Ctrl-C, or a request to end, into an interruption of the work at hand, and keeps the JVM up until that has put
/// everything away.
final class Interruption implements AutoCloseable {
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean requested;

    /// @param worker to be interrupted
    Interruption(Thread worker) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(worker), "stop"));
    }

    private void stop(Thread worker) {
        if (done.getCount() > 0) {
            requested = true;
            worker.interrupt();
        }
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return whether the work was interrupted; whatever it threw then, in its own words, is a consequence
    boolean requested() {
        return requested;
    }

    /// Interrupts the worker, who calls this, once more if it was asked to end: what it has done since may have swallowed that.
    void renew() {
        if (requested) {
            Thread.currentThread().interrupt();
        }
    }

    /// Everything is put away.
    @Override
    public void close() {
        done.countDown();
    }
}
