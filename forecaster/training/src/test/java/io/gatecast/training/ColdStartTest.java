package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.gatecast.series.*;
import io.gatecast.series.Outcome.Forecasted;
import io.gatecast.training.data.Series;
import java.util.*;
import org.junit.jupiter.api.Test;

class ColdStartTest {
    @Test
    void measure() {
        for (int season : new int[]{24, 0}) {
            FeatureSpec spec = FeatureSpec.of(3600000, 1, season == 0 ? List.of() : List.of(season), FleetModel.HORIZON);
            for (int epochs : new int[]{20, 60}) {
                Model model = FleetModel.train(spec, epochs);
                int[] n = new int[49];
                int[] in1 = new int[49];
                int[] inAll = new int[49];
                int[] nAll = new int[49];
                double[] width = new double[49];
                for (long seed : new long[]{7, 8}) {
                    for (Series s : FleetModel.fleet(400, 70, seed)) {
                        SeriesForecaster f = new SeriesForecaster(model);
                        SeriesState state = f.open("s", null);
                        double[] v = s.values()[0];
                        for (int t = 0; t < 48 && t + 12 < v.length; t++) {
                            Forecast fc = ((Forecasted) f.observe(state, s.observation(t))).forecast();
                            for (int h = 1; h <= 12; h++) {
                                if (s.timestamps()[t + h] != fc.timeOf(h)) break;
                                boolean in = v[t + h] >= fc.at(h, 0, 0) && v[t + h] <= fc.at(h, 0, 2);
                                if (h == 1) {
                                    n[t]++;
                                    in1[t] += in ? 1 : 0;
                                    width[t] += (fc.at(h, 0, 2) - fc.at(h, 0, 0)) / Math.abs(v[t]);
                                }
                                nAll[t]++;
                                inAll[t] += in ? 1 : 0;
                            }
                        }
                    }
                }
                StringBuilder b = new StringBuilder("season " + season + " epochs " + epochs + "\n");
                for (int t = 0; t < 48; t++) {
                    b.append(String.format("%d:%.2f/%.2f w%.3f%s", t + 1, in1[t] / (double) n[t], inAll[t] / (double) nAll[t], width[t] / n[t], t % 8 == 7 ? "\n" : "  "));
                }
                System.out.println(b);
            }
        }
    }
}
