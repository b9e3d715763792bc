package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.series.AnomalyEvent;
import io.gatecast.series.AnomalyEvent.Phase;
import io.gatecast.series.Model;
import io.gatecast.series.Observation;
import io.gatecast.series.Outcome.Forecasted;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.training.data.Series;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Faults of known kind and size, put into sensors that the model has not seen: how many are found within a day, and what a
/// clean fleet costs.
class InjectedFaultsTest {
    private static final int SENSORS = 40;
    private static final int AT = 900;
    private static final int WITHIN = 24;
    private static Model model;

    /// What becomes of a value.
    private enum Fault {
        SPIKE {
            @Override
            double at(double[] clean, int step, double unit, double size) {
                return clean[step] + (step == AT ? size * unit : 0);
            }
        },
        SHIFT {
            @Override
            double at(double[] clean, int step, double unit, double size) {
                return clean[step] + size * unit;
            }
        },
        TREND {
            @Override
            double at(double[] clean, int step, double unit, double size) {
                return clean[step] + size * unit * (step - AT + 1);
            }
        },
        NOISE {
            @Override
            double at(double[] clean, int step, double unit, double size) {
                return clean[step] + size * unit * ((step * 2654435761L >>> 7) % 200 - 100) / 60;
            }
        },
        STUCK {
            @Override
            double at(double[] clean, int step, double unit, double size) {
                return clean[AT];
            }
        },
        NO_SEASON {
            @Override
            double at(double[] clean, int step, double unit, double size) {
                double mean = 0;
                for (int i = AT - 24; i < AT; i++) {
                    mean += clean[i] / 24;
                }
                return mean + 0.2 * (clean[step] - clean[step - 24]);
            }
        };

        /// @param unit mean distance of a value from that of a day before
        abstract double at(double[] clean, int step, double unit, double size);
    }

    @BeforeAll
    static void learn() {
        model = FleetModel.train(FleetModel.spec(), 6);
    }

    /// Sizes are in units of a value's usual distance from that of a day before; the floors lie somewhat below what was
    /// measured, and the mean delay somewhat above.
    @ParameterizedTest
    @CsvSource({"SPIKE, 4, 0.8, 0", "SPIKE, 8, 0.95, 0", "SHIFT, 4, 0.95, 1", "SHIFT, 8, 0.95, 0", "TREND, 1, 0.95, 4",
            "NOISE, 4, 0.95, 3", "STUCK, 0, 0.95, 8", "NO_SEASON, 0, 0.5, 8"})
    void faultsAreFound(Fault fault, double size, double floor, double mostDelay) {
        int found = 0, sensors = 0;
        double delay = 0;
        for (Series clean : FleetModel.faultless(2 * SENSORS, AT + WITHIN, 5)) {
            int row = firstAlarm(disturbed(clean, fault, size), AT);
            if (clean.length() > AT) {
                sensors++;
                found += row >= 0 ? 1 : 0;
                delay += row >= 0 ? row - AT : 0;
            }
        }
        String told = fault + " of size " + size + ": " + found + " of " + sensors + " found, after "
                + delay / Math.max(1, found) + " steps on average";
        assertTrue(sensors > 10 && found >= floor * sensors && delay <= mostDelay * found, told);
    }

    /// In the long run one alarm in 8,000 steps; a series that has just begun has some of that to spend at once.
    @Test
    void aCleanFleetKeepsToItsBudget() {
        int alarms = 0, steps = 0;
        for (Series clean : FleetModel.faultless(2 * SENSORS, 200 + 30 * 24, 7)) {
            alarms += alarms(clean, 200).size();
            steps += clean.length() - 200;
        }
        assertTrue(alarms <= steps / 4000.0, alarms + " alarms in " + steps + " steps");
    }

    private static Series disturbed(Series clean, Fault fault, double size) {
        double[] values = clean.values()[0].clone();
        double unit = 0;
        for (int i = AT - 240; i < AT; i++) {
            unit += Math.abs(values[i] - values[i - 24]) / 240;
        }
        for (int i = AT; i < values.length; i++) {
            values[i] = fault.at(clean.values()[0], i, unit, size);
        }
        return new Series(clean.id(), clean.timestamps(), new double[][]{values});
    }

    private static int firstAlarm(Series series, int from) {
        List<Integer> alarms = alarms(series, from);
        return alarms.isEmpty() ? -1 : alarms.getFirst();
    }

    private static List<Integer> alarms(Series series, int from) {
        SeriesForecaster forecaster = new SeriesForecaster(model);
        SeriesState state = forecaster.open(series.id(), null);
        List<Integer> alarms = new ArrayList<>();
        for (int i = 0; i < series.length(); i++) {
            Observation observation = series.observation(i);
            if (forecaster.observe(state, observation) instanceof Forecasted forecasted && i >= from) {
                AnomalyEvent turn = forecasted.anomaly();
                if (turn != null && turn.phase() == Phase.OPENED) {
                    alarms.add(i);
                }
            }
        }
        return alarms;
    }
}
