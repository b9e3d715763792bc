package io.gatecast.series;

import io.gatecast.network.GaussLegendre;
import io.gatecast.network.MedianGradient;
import io.gatecast.network.Network;
import io.gatecast.network.SequenceBatch;
import io.gatecast.series.input.Features;
import io.gatecast.series.input.KnownFeatures;
import io.gatecast.series.input.Scaling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Why an observation lies where it does: by how much each input of the last steps moved it away from what was expected.
///
/// It is held against a quiet past: every value of the last [#LONGEST] steps on the median that the model forecast for it one
/// step before, the covariates standing where they stood until then, and the observation on the median forecast from there.
/// From that past to what came, integrated gradients (Sundararajan, Taly & Yan 2017,
/// arXiv:1703.01365) share out the change of the median among the values and covariates of those steps:
///
///     φ_i = (x_i - x'_i) ∫₀¹ ∂median/∂x_i (x' + α (x - x')) dα
///
/// the straight path being one of values, in their own units, and of covariates as the network sees them; location and scale
/// of every step are held as they were. They sum to the change (completeness), whatever the network. With the observation's own part,
///
///     observed - expected = (observed - median') - Σ φ_i + earlier
///
/// in which `earlier` is what the median owes to steps before, of which the state keeps no hidden state, to the correction
/// learned from past errors, and at most a thousandth of a scale, or of the change, to the integral.
///
/// Costs some hundred steps of the network and their memory, so it is asked when an episode opens and not at every event.
final class Why {
    private static final int LONGEST = 12;
    private static final int MOST = 5;
    private static final double CLOSE = 5e-4;
    private static final int MOST_PARTS = 16;
    /// Places in a batch, behind the nodes of the integral: the quiet past, and what came.
    private static final int START = GaussLegendre.COUNT, END = START + 1;

    private final FeatureSpec spec;
    private final Network network;
    private final Features features;
    private final KnownFeatures known;
    private final int recent;

    Why(Model model) {
        this.spec = model.features();
        this.network = model.network();
        this.features = new Features(spec);
        this.known = new KnownFeatures(spec.known());
        this.recent = Math.min(LONGEST, spec.warmUp() - 1);
    }

    /// @param state    of a warm series, before the observation is pushed
    /// @param channel  that was observed
    /// @param observed in the series' own units
    /// @param expected the median that went out for it, likewise
    /// @return those that moved it most, the first the most; at most [#MOST]
    List<Cause> of(SeriesState state, int channel, double observed, double expected) {
        List<Cause> all = all(state, channel, observed, expected);
        return all.subList(0, Math.min(MOST, all.size()));
    }

    /// As [#of], all of them.
    List<Cause> all(SeriesState state, int channel, double observed, double expected) {
        return new Question(state, channel).causes(observed, expected);
    }

    /// One question and the memory that its answer takes.
    private final class Question {
        private final SeriesState state;
        private final int asked;
        private final int steps = spec.warmUp();
        /// Where the newest value lies; with room before the first, so that one can look back from an older one.
        private final int newest = spec.context() + recent - 1;
        /// `[channel]`, each a channel's values, oldest first
        private final float[][] actual = new float[spec.channels()][newest + 1];
        private final float[][] quiet;
        private final float[][] between;
        /// `[channel][age]`
        private final Scaling[][] scalings = new Scaling[spec.channels()][steps];
        private final int covariates = spec.known().covariates().size();
        private final int firstKnown = spec.channels() * features.columns();
        private final int firstCovariate = firstKnown + known.columns() - 2 * covariates;
        private final int bases = spec.bases() * spec.horizon();
        /// Of the covariates before the last steps.
        private final float[] stood = new float[covariates];

        Question(SeriesState state, int asked) {
            this.state = state;
            this.asked = asked;
            for (int c = 0; c < spec.channels(); c++) {
                Arrays.fill(actual[c], Float.NaN);
                System.arraycopy(state.window.values, state.window.at(c, spec.context() - 1), actual[c], recent,
                        spec.context());
                for (int age = 0; age < steps; age++) {
                    scalings[c][age] = Scaling.of(actual[c], newest - age, spec);
                }
            }
            this.quiet = copy(actual);
            this.between = copy(actual);
            for (int i = 0; i < covariates; i++) {
                stood[i] = stood(i);
            }
            quieten();
        }

        private static float[][] copy(float[][] rows) {
            float[][] copy = new float[rows.length][];
            for (int c = 0; c < rows.length; c++) {
                copy[c] = rows[c].clone();
            }
            return copy;
        }

        /// @return what was known last before the last steps; NaN where nothing was
        private float stood(int covariate) {
            float last = Float.NaN;
            for (int age = steps - 1; age >= recent; age--) {
                float value = state.known.values[state.known.at(age) + covariate];
                last = Float.isNaN(value) ? last : value;
            }
            return last;
        }

        /// Runs the window anew and puts each of the last values on the median forecast for it.
        private void quieten() {
            Network.Scratch scratch = network.scratch();
            float[] hidden = new float[network.stateSize()], x = new float[spec.inputs()];
            float[] answer = new float[network.architecture().head().quantiles().size() * bases / spec.bases()
                    * spec.channels()];
            float[] base = new float[spec.channels() * bases];
            WindowRun run = network.architecture().streams() ? null : new WindowRun(network, steps);
            for (int age = steps - 1; age > 0; age--) {
                int now = age;
                if (run == null) {
                    write(actual, age, false, x, 0);
                    network.embed(state.category, x, 0);
                    network.advance(x, hidden, scratch);
                }
                if (age > recent) {
                    continue;
                }
                writeBases(actual, age, base);
                if (run == null) {
                    network.answer(x, hidden, base, answer, scratch);
                } else {
                    run.fill(steps - age, state.category,
                            (older, to, from) -> write(actual, now + older, false, to, from));
                    run.answer(base, answer);
                }
                for (int c = 0; c < spec.channels(); c++) {
                    float value = scalings[c][age].toValue(answer[(c * answer.length / spec.channels())
                            + network.architecture().head().median() * spec.horizon()]);
                    int next = newest - age + 1;
                    quiet[c][next] = Float.isNaN(value) || Float.isNaN(actual[c][next]) ? actual[c][next] : value;
                }
            }
        }

        private void write(float[][] values, int age, boolean standing, float[] x, int to) {
            for (int c = 0; c < spec.channels(); c++) {
                float share = (float) state.window.missing(c, age, spec.lookBack()) / spec.lookBack();
                features.write(values[c], newest - age, scalings[c][age], state.window.isMissing(c, age), share, x,
                        to + c * features.columns());
            }
            long time = state.lastBucket - age * state.intervalMillis;
            if (standing) {
                known.write(time, stood, 0, x, to + firstKnown);
            } else {
                known.write(time, state.known.values, state.known.at(age), x, to + firstKnown);
            }
        }

        private void writeBases(float[][] values, int age, float[] to) {
            for (int c = 0; c < spec.channels(); c++) {
                features.writeBases(values[c], newest - age, scalings[c][age], to, c * bases);
            }
        }

        /// What was, what would have been, or what lies between them.
        ///
        /// @param part 0 = the quiet past, 1 = what came
        private void fill(double part, SequenceBatch batch, int series) {
            for (int c = 0; c < spec.channels(); c++) {
                for (int i = newest - recent + 1; i <= newest; i++) {
                    between[c][i] = between(quiet[c][i], actual[c][i], part);
                }
            }
            int inputs = spec.inputs();
            float[] still = new float[inputs];
            for (int age = steps - 1; age >= 0; age--) {
                int row = ((steps - 1 - age) * batch.batch + series) * inputs;
                write(between, age, false, batch.inputs, row);
                if (age < recent && covariates > 0) {
                    write(between, age, true, still, 0);
                    for (int j = firstCovariate; j < firstCovariate + 2 * covariates; j++) {
                        batch.inputs[row + j] = between(still[j], batch.inputs[row + j], part);
                    }
                }
            }
            batch.categories[series] = state.category;
            float[] base = new float[spec.channels() * bases];
            writeBases(between, 0, base);
            System.arraycopy(base, 0, batch.bases, series * base.length, base.length);
        }

        private static float between(float quiet, float actual, double part) {
            return part == 1 ? actual : (float) (quiet + part * ((double) actual - quiet));
        }

        List<Cause> causes(double observed, double expected) {
            MedianGradient gradient = new MedianGradient(network, steps, GaussLegendre.COUNT + 2);
            fill(0, gradient.batch, START);
            fill(1, gradient.batch, END);
            double[][] moved = moved(gradient);

            List<Cause> causes = new ArrayList<>();
            double scale = scalings[asked][0].scale();
            double own = observed - scalings[asked][0].toValue(gradient.medians[START]), sum = own;
            causes.add(new Cause(Cause.channel(asked), 0, 0, own));
            for (int input = 0; input < moved.length; input++) {
                String name = input < spec.channels()
                        ? Cause.channel(input)
                        : Cause.covariate(spec.known().covariates().get(input - spec.channels()).name());
                for (int age = 0; age < recent; age++) {
                    double effect = -moved[input][age] * scale;
                    causes.add(new Cause(name, age + 1, 0, effect));
                    sum += effect;
                }
            }
            causes.add(new Cause(Cause.EARLIER, recent + 1, 0, observed - expected - sum));
            return ranked(causes);
        }

        private static List<Cause> ranked(List<Cause> causes) {
            double all = 0;
            for (Cause cause : causes) {
                all += Math.abs(cause.effect());
            }
            List<Cause> ranked = new ArrayList<>();
            for (Cause cause : causes) {
                if (cause.effect() != 0 && Double.isFinite(cause.effect() / all)) {
                    ranked.add(new Cause(cause.input(), cause.lag(), Math.abs(cause.effect()) / all, cause.effect()));
                }
            }
            ranked.sort(Comparator.comparingDouble(Cause::share).reversed()); // stable: the nearer first
            return ranked;
        }

        /// By how much each input moved the median, in units of the scale, in parts of the path as fine as it takes.
        ///
        /// @param gradient with both ends of the path at their places
        /// @return `[channel, then covariate][age]`
        private double[][] moved(MedianGradient gradient) {
            double[][] share = baseShares();
            for (int parts = 1;; parts *= 2) {
                double[][] moved = new double[spec.channels() + covariates][recent];
                for (int part = 0; part < parts; part++) {
                    for (int n = 0; n < GaussLegendre.COUNT; n++) {
                        fill(GaussLegendre.node(part, parts, n), gradient.batch, n);
                    }
                    gradient.run(asked);
                    for (int n = 0; n < GaussLegendre.COUNT; n++) {
                        add(gradient, GaussLegendre.node(part, parts, n), n, GaussLegendre.weight(parts, n), share,
                                moved);
                    }
                }
                double sum = 0;
                for (double[] input : moved) {
                    for (double each : input) {
                        sum += each;
                    }
                }
                double change = (double) gradient.medians[END] - gradient.medians[START];
                if (Math.abs(sum - change) <= CLOSE * Math.max(1, Math.abs(change)) || parts == MOST_PARTS) {
                    return moved;
                }
            }
        }

        /// Bases are linear in the values, so what a value adds to each is seen when it alone has come.
        ///
        /// @return `[age][base]`, of the channel that is asked for
        private double[][] baseShares() {
            float[] without = new float[bases], with = new float[bases];
            features.writeBases(quiet[asked], newest, scalings[asked][0], without, 0);
            double[][] shares = new double[recent][spec.bases()];
            for (int age = 0; age < recent; age++) {
                float[] values = quiet[asked].clone();
                values[newest - age] = actual[asked][newest - age];
                features.writeBases(values, newest, scalings[asked][0], with, 0);
                for (int b = 0; b < spec.bases(); b++) {
                    shares[age][b] = (double) with[b * spec.horizon()] - without[b * spec.horizon()];
                }
            }
            return shares;
        }

        private void add(MedianGradient gradient, double part, int series, double weight, double[][] baseShare,
                double[][] moved) {
            int inputs = spec.inputs();
            for (int c = 0; c < spec.channels(); c++) {
                for (int i = newest - recent + 1; i <= newest; i++) {
                    between[c][i] = between(quiet[c][i], actual[c][i], part);
                }
                double[] slope = new double[newest + 1];
                for (int age = 0; age < recent; age++) {
                    int row = ((steps - 1 - age) * gradient.batch.batch + series) * inputs;
                    features.back(between[c], newest - age, scalings[c][age], gradient.byInputs,
                            row + c * features.columns(), slope);
                }
                for (int age = 0; age < recent; age++) {
                    int i = newest - age;
                    double step = (double) actual[c][i] - quiet[c][i];
                    moved[c][age] += Double.isNaN(step) ? 0 : weight * slope[i] * step;
                }
            }
            for (int age = 0; age < recent; age++) {
                for (int b = 0; b < spec.bases(); b++) {
                    moved[asked][age] += weight * gradient.byBases[series * spec.bases() + b] * baseShare[age][b];
                }
            }
            addCovariates(gradient, series, weight, moved);
        }

        private void addCovariates(MedianGradient gradient, int series, double weight, double[][] moved) {
            int columns = known.columns(), first = columns - 2 * covariates;
            float[] still = new float[columns], came = new float[columns];
            for (int age = 0; age < recent && covariates > 0; age++) {
                long time = state.lastBucket - age * state.intervalMillis;
                known.write(time, stood, 0, still, 0);
                known.write(time, state.known.values, state.known.at(age), came, 0);
                int row = ((steps - 1 - age) * gradient.batch.batch + series) * spec.inputs() + firstKnown;
                for (int j = 0; j < 2 * covariates; j++) { // values, then whether they are unknown
                    moved[spec.channels() + j % covariates][age] += weight * gradient.byInputs[row + first + j]
                            * ((double) came[first + j] - still[first + j]);
                }
            }
        }
    }
}
