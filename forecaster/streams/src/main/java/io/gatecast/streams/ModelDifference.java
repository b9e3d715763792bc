package io.gatecast.streams;

import io.gatecast.avro.Model;
import io.gatecast.avro.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/// What differs between two models, field by field; of weights, how far they lie apart.
public final class ModelDifference {
    private static final List<String> PASSED_BY = List.of("tensors", "course", "gradients", "validationByStep");
    private static final String NOTHING = "-";
    private static final int TOLD_ONE_BY_ONE = 8;
    private static final int LONGEST = 30;

    private ModelDifference() {}

    /// One difference.
    ///
    /// @param what as in features.horizon
    public record Row(String what, String one, String other) {}

    public static List<Row> between(Model one, Model other) {
        List<Row> rows = new ArrayList<>();
        compare("", one, other, rows);
        compareTensors(one, other, rows);
        return rows;
    }

    private static void compare(String what, @Nullable Object one, @Nullable Object other, List<Row> rows) {
        if (one instanceof IndexedRecord a && other instanceof IndexedRecord b) {
            for (Schema.Field field : a.getSchema().getFields()) {
                if (!PASSED_BY.contains(field.name())) {
                    compare(what.isEmpty() ? field.name() : what + "." + field.name(), a.get(field.pos()),
                            b.get(field.pos()), rows);
                }
            }
        } else if (one instanceof List<?> a && other instanceof List<?> b && a.size() == b.size()
                && a.size() <= TOLD_ONE_BY_ONE) {
            for (int i = 0; i < a.size(); i++) {
                compare(what + "[" + i + "]", a.get(i), b.get(i), rows);
            }
        } else if (one instanceof Map<?, ?> a && other instanceof Map<?, ?> b) {
            TreeSet<String> keys = new TreeSet<>();
            a.keySet().forEach(key -> keys.add(String.valueOf(key)));
            b.keySet().forEach(key -> keys.add(String.valueOf(key)));
            keys.forEach(key -> compare(what + "." + key, a.get(key), b.get(key), rows));
        } else if (!Objects.equals(one, other)) {
            rows.add(new Row(what, text(one), text(other)));
        }
    }

    private static String text(@Nullable Object value) {
        String text = switch (value) {
            case null -> NOTHING;
            case ByteBuffer bytes -> bytes.remaining() + " bytes";
            case List<?> list -> list.size() <= TOLD_ONE_BY_ONE
                    ? list.toString()
                    : list.size() + " from " + list.getFirst() + " to " + list.getLast();
            default -> value.toString();
        };
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 3) + "...";
    }

    private static void compareTensors(Model one, Model other, List<Row> rows) {
        Map<String, Tensor> others = new HashMap<>();
        other.getTensors().forEach(tensor -> others.put(tensor.getName(), tensor));
        for (Tensor tensor : one.getTensors()) {
            Tensor theirs = others.remove(tensor.getName());
            if (theirs == null || !shape(tensor).equals(shape(theirs))) {
                rows.add(new Row(tensor.getName(), shape(tensor), theirs == null ? NOTHING : shape(theirs)));
            } else if (!tensor.getValues().equals(theirs.getValues())) {
                rows.add(new Row(tensor.getName(), "norm " + number(norm(tensor, null)),
                        "norm " + number(norm(theirs, null)) + ", apart " + number(norm(tensor, theirs))));
            }
        }
        others.values().forEach(tensor -> rows.add(new Row(tensor.getName(), NOTHING, shape(tensor))));
    }

    private static String shape(Tensor tensor) {
        return "[" + tensor.getRows() + "][" + tensor.getColumns() + "]";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    /// @return Euclidean norm of a tensor, or of what it is more than another
    private static double norm(Tensor tensor, @Nullable Tensor less) {
        FloatBuffer values = floats(tensor), subtracted = less == null ? null : floats(less);
        double sum = 0;
        for (int i = 0; i < values.remaining(); i++) {
            double value = values.get(i) - (subtracted == null ? 0.0 : subtracted.get(i));
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    private static FloatBuffer floats(Tensor tensor) {
        return tensor.getValues().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }
}
