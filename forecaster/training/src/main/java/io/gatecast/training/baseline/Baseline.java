package io.gatecast.training.baseline;

import java.util.Locale;

/// The simple forecasters by name.
public enum Baseline {
    /// The last value: [LastSeason] with a season of one step.
    NAIVE {
        @Override
        public BaselineForecaster follow(int season, int horizon, long seed) {
            return new LastSeason(1);
        }
    },
    /// The value one season before: [LastSeason].
    SEASONAL_NAIVE {
        @Override
        public BaselineForecaster follow(int season, int horizon, long seed) {
            return new LastSeason(season);
        }
    },
    /// The line from the first to the last value, continued: [Drift].
    DRIFT {
        @Override
        public BaselineForecaster follow(int season, int horizon, long seed) {
            return new Drift();
        }
    },
    /// The last value of the seasonally adjusted series: [Naive2].
    NAIVE2 {
        @Override
        public BaselineForecaster follow(int season, int horizon, long seed) {
            return new Naive2(season);
        }
    },
    /// Half a line, half exponential smoothing: [Theta].
    THETA {
        @Override
        public BaselineForecaster follow(int season, int horizon, long seed) {
            return new Theta(season);
        }
    },
    /// AWS' streaming forecaster: [RandomCutForest].
    RCF {
        @Override
        public BaselineForecaster follow(int season, int horizon, long seed) {
            return new RandomCutForest(season, horizon, seed);
        }
    };

    /// @return as people and files name it
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// @param season  length in steps, 1 where there is none
    /// @param horizon steps ahead that will be asked for
    /// @param seed    of what it leaves to chance
    /// @return one that has seen nothing yet
    public abstract BaselineForecaster follow(int season, int horizon, long seed);
}
