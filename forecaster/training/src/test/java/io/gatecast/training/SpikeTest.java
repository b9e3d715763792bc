package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.gatecast.series.Forecast;
import io.gatecast.series.Model;
import io.gatecast.series.Observation;
import io.gatecast.series.Outcome.Forecasted;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.training.data.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpikeTest {
    @Test
    void measure() {
        long start = System.nanoTime();
        Model model = FleetModel.train(FleetModel.spec(), 20);
        System.out.println("trained " + (System.nanoTime() - start) / 1e9);
        for (int at : new int[]{100, 151, 300}) {
            for (double size : new double[]{100, -100, 1e4, 1e12}) {
                List<Integer> steps = new ArrayList<>();
                double[] worst = new double[250];
                for (Series series : FleetModel.fleet(20, 600, 7)) {
                    int last = 0;
                    List<Forecast> clean = run(model, series, -1, 0), hurt = run(model, series, at, size * spread(series));
                    for (int t = at; t < at + 250; t++) {
                        double off = 0;
                        for (int h = 1; h <= FleetModel.HORIZON; h++) {
                            for (int q = 0; q < 3; q++) {
                                double a = clean.get(t).at(h, 0, q), b = hurt.get(t).at(h, 0, q);
                                off = Math.max(off, Math.abs(a - b) / Math.abs(a));
                            }
                        }
                        worst[t - at] = Math.max(worst[t - at], off);
                        if (!(off <= 0.01)) {
                            last = t - at + 1;
                        }
                    }
                    steps.add(last);
                }
                steps.sort(null);
                System.out.println(at + " size " + size + " steps to return " + steps);
                System.out.printf("   off after 0 %.3g, 1 %.3g, 5 %.3g 12 %.3g, 24 %.3g, 48 %.3g, 60 %.3g 72 %.3g, 100 %.3g 200 %.3g%n",
                        worst[0], worst[1], worst[5], worst[12], worst[24], worst[48], worst[60], worst[72], worst[100], worst[200]);
            }
        }
    }

    static double spread(Series s) {
        double[] v = s.values()[0];
        double mean = Arrays.stream(v).average().orElse(0);
        return Math.sqrt(Arrays.stream(v).map(x -> (x - mean) * (x - mean)).average().orElse(0));
    }

    static List<Forecast> run(Model model, Series series, int at, double by) {
        SeriesForecaster forecaster = new SeriesForecaster(model);
        SeriesState state = forecaster.open("s", null);
        List<Forecast> all = new ArrayList<>();
        for (int t = 0; t < series.length(); t++) {
            Observation o = series.observation(t);
            if (t == at) {
                o = new Observation(o.timestamp(), o.values()[0] + by);
            }
            all.add(assertInstanceOf(Forecasted.class, forecaster.observe(state, o)).forecast());
        }
        return all;
    }
}
