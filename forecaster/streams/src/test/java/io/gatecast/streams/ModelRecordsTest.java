package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.Tensor;
import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.series.ColdWidening;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Model;
import io.gatecast.series.input.Calendar;
import io.gatecast.series.input.Categories;
import io.gatecast.series.input.Covariate;
import io.gatecast.series.input.KnownInputs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class ModelRecordsTest {
    private static final String WHERE = "models-0@12";

    @Test
    void whatGoesOutComesBackTheSame() {
        Model model = TestModels.model(7, 1_000);
        Model back = ModelRecords.toModel(ModelRecords.toRecord(model, null), WHERE);
        assertEquals(model.id(), back.id());
        assertEquals(7, back.version());
        assertEquals(1_000, back.effectiveFrom());
        assertEquals(model.features(), back.features());
        assertEquals(model.network().architecture(), back.network().architecture());
        assertArrayEquals(model.network().parameters().values, back.network().parameters().values);
    }

    /// Without features it cannot be run, and says so where it is asked to.
    @Test
    void aBareNetworkComesBackAndIsNoModel() {
        var network = TestModels.model(1, 0).network();
        io.gatecast.avro.Model record = ModelRecords.toRecord(network, "bare");
        var back = ModelRecords.toNetwork(record, WHERE);
        assertEquals(network.architecture(), back.architecture());
        assertArrayEquals(network.parameters().values, back.parameters().values);
        String message = String.valueOf(
                assertThrows(ModelRefused.class, () -> ModelRecords.toModel(record, WHERE)).getMessage());
        assertTrue(message.startsWith("models-0@12: features: expected what the network is fed, found none"), message);
    }

    @Test
    void readingARecordLeavesItAsItWas() {
        io.gatecast.avro.Model record = TestModels.record(1, 0);
        ModelRecords.toModel(record, WHERE);
        assertEquals(ModelRecords.toModel(record, WHERE).features(), TestModels.features());
        assertEquals(TestModels.record(1, 0), record);
    }

    @Test
    void coldFactorsComeBackAndTheirNumberIsThatOfTheAges() {
        Model model = TestModels.model(1, 0);
        List<Float> factors = Collections.nCopies(2 * ColdWidening.ages(model.features()).length, 1.5f);
        FeatureSpec features = model.features().withColdWidening(factors);
        assertEquals(features, ModelRecords.toModel(ModelRecords.toRecord(
                new Model(model.id(), 1, 0, features, model.network()), null), WHERE).features());
        assertRefused("models-0@12: features.coldWidening: expected 32 factors, found 2",
                record -> featuresOf(record).setColdWidening(List.of(1f, 1f)));
    }

    @Test
    void whatIsToldBesideTheValuesComesBack() {
        KnownInputs known = new KnownInputs(
                Calendar.of(ZoneId.of("Europe/Berlin"), "de-by", TestModels.HOUR, 30),
                List.of(new Covariate("heat", 10, 2.5), new Covariate("price", -1, 7)),
                new Categories("^[^/]+", List.of("east", "north"), 3));
        FeatureSpec features = TestModels.features().withKnown(known);
        Architecture architecture = features.architecture(List.of(new RecurrentLayer(CellKind.LSTM, 3)),
                List.of(0.1, 0.5, 0.9));
        Model model = new Model("m", 1, 0, features,
                Network.compile(architecture, Network.initialise(architecture, 1)));
        io.gatecast.avro.Model record = ModelRecords.toRecord(model, null);
        assertEquals(features, ModelRecords.toModel(record, WHERE).features());
        assertEquals(architecture, ModelRecords.toModel(record, WHERE).network().architecture());
        assertArrayEquals(model.network().parameters().values,
                ModelRecords.toModel(record, WHERE).network().parameters().values);
        Objects.requireNonNull(record.getArchitecture().getEmbedding()).setCategories(3);
        assertEquals(
                "models-0@12: architecture.embedding: expected Embedding[categories=2, dimensions=3], as the features"
                        + " say, found Embedding[categories=3, dimensions=3]",
                refusal(record));
        io.gatecast.avro.Calendar calendar = Objects.requireNonNull(featuresOf(record).getCalendar());
        calendar.setHolidays("de-byy");
        assertEquals("models-0@12: holidays: expected a region as in us, us-ny or de-by, found de-byy; did you mean"
                + " de-by?", refusal(record));
        calendar.setCycles(List.of("month"));
        assertEquals("models-0@12: features.calendar.cycles: expected some of time-of-day, day-of-week, day-of-year,"
                + " found month", refusal(record));
        calendar.setZone("Bavaria");
        assertEquals("models-0@12: features.calendar.zone: expected a time zone that this Java knows, found Bavaria",
                refusal(record));
    }

    private static String refusal(io.gatecast.avro.Model record) {
        return String.valueOf(
                assertThrows(ModelRefused.class, () -> ModelRecords.toModel(record, WHERE)).getMessage());
    }

    private static io.gatecast.avro.Features featuresOf(io.gatecast.avro.Model record) {
        return Objects.requireNonNull(record.getFeatures());
    }

    @Test
    void aKeyNamesModelAndVersion() {
        assertEquals("fleet/3", ModelRecords.keyOf(TestModels.record(3, 0)));
    }

    @Test
    void aWeightThatIsNotFiniteIsNamedByItsPlace() {
        assertRefused("models-0@12: layer0.W[0][5]: expected a finite weight, found NaN",
                record -> values(record, "layer0.W").order(ByteOrder.LITTLE_ENDIAN).putFloat(5 * Float.BYTES,
                        Float.NaN));
        assertRefused("models-0@12: layer0.U[1][0]: expected a finite weight, found -Infinity",
                record -> values(record, "layer0.U").order(ByteOrder.LITTLE_ENDIAN).putFloat(12 * Float.BYTES,
                        Float.NEGATIVE_INFINITY));
    }

    @Test
    void aFlippedBitFailsTheChecksum() {
        String sum = TestModels.record(1, 0).getSha256();
        String message = refusal(
                record -> values(record, "head.b").put(0, (byte) (values(record, "head.b").get(0) ^ 1)));
        assertTrue(
                message.startsWith(
                        "models-0@12: sha256 of the tensors: expected " + sum + ", as the record says, found "),
                message);
        assertTrue(message.endsWith("; the weights are not the ones that were published"), message);
    }

    @Test
    void aShapeThatDoesNotFitIsRefusedWithBoth() {
        assertRefused("models-0@12: layer0.U: expected [3][12], found [12][3]", record -> {
            tensor(record, "layer0.U").setRows(12);
            tensor(record, "layer0.U").setColumns(3);
        });
    }

    @Test
    void tooFewBytesForAShapeAreRefused() {
        assertRefused("models-0@12: layer0.b: expected 48 bytes for [1][12], found 44",
                record -> tensor(record, "layer0.b").setValues(ByteBuffer.allocate(44)));
    }

    @Test
    void tensorsOutOfOrderAreRefused() {
        assertRefused("models-0@12: tensors: expected layer0.W here, found layer0.U", record -> {
            List<Tensor> tensors = new ArrayList<>(record.getTensors());
            tensors.add(0, tensors.remove(1));
            record.setTensors(tensors);
        });
    }

    @Test
    void aMissingTensorIsRefusedWithAllThatAreNeeded() {
        assertRefused("models-0@12: tensors: expected [layer0.W, layer0.U, layer0.b, head.Wh, head.Wx, head.b], "
                + "found [layer0.W, layer0.U, layer0.b, head.Wh, head.Wx]",
                record -> record.setTensors(record.getTensors().subList(0, 5)));
    }

    @Test
    void anArchitectureThatTheFeaturesDoNotFeedIsRefused() {
        assertRefused("models-0@12: architecture.horizon: expected 5, as the features say, found 3",
                record -> record.getFeatures().setHorizon(5));
        assertRefused("models-0@12: architecture.bases: expected 3, as the features say, found 2",
                record -> record.getFeatures().setSeasons(List.of(4, 5)));
        assertRefused("models-0@12: architecture.inputs: expected "
                + TestModels.features().inputs() + ", as the features say, found 99",
                record -> record.getArchitecture().setInputs(99));
    }

    @Test
    void sizesThatTheWeightsCannotFillAreRefusedBeforeMemoryIsTaken() {
        String message = refusal(record -> record.getArchitecture().getLayers().getFirst().setUnits(500_000));
        assertTrue(message.startsWith("models-0@12: tensors: expected at least 2"), message);
        assertRefused("models-0@12: units: expected at most 524288 in all, found 2000000000",
                record -> record.getArchitecture().getLayers().getFirst().setUnits(2_000_000_000));
        assertRefused("models-0@12: features: expected at most 1048576 values to keep of a series, found 2000000039",
                record -> record.getFeatures().setWarmUp(2_000_000_000));
    }

    @Test
    void whatNoNetworkCanBeBuiltOfIsRefused() {
        assertRefused("models-0@12: cell: expected one of rnn, lstm, peephole, gru, gru-reset-before, "
                + "convlstm, convlstm-peephole, found \"transformer\"",
                record -> record.getArchitecture().getLayers().getFirst().setCell("transformer"));
        assertRefused("models-0@12: head: expected one of quantiles, point, gaussian, student-t, found \"cauchy\"",
                record -> record.getArchitecture().setHead("cauchy"));
        assertRefused("models-0@12: quantiles: expected the median 0.5 among them, found [0.1, 0.9]",
                record -> record.getArchitecture().setQuantiles(List.of(0.1, 0.9)));
        assertRefused("models-0@12: horizon: expected at least 1 step, found -3",
                record -> record.getFeatures().setHorizon(-3));
    }

    @Test
    void aNameOrVersionOutsideTheContractIsRefused() {
        assertRefused("models-0@12: modelId: expected letters, digits, '.', '_' and '-', found \"a/b\"",
                record -> record.setModelId("a/b"));
        assertRefused("models-0@12: version: expected at least 1, found 0", record -> record.setVersion(0));
    }

    private static void assertRefused(String message, Consumer<io.gatecast.avro.Model> damage) {
        assertEquals(message, refusal(damage));
    }

    private static String refusal(Consumer<io.gatecast.avro.Model> damage) {
        io.gatecast.avro.Model record = TestModels.record(1, 0);
        damage.accept(record);
        return String.valueOf(assertThrows(ModelRefused.class, () -> ModelRecords.toModel(record, WHERE)).getMessage());
    }

    private static ByteBuffer values(io.gatecast.avro.Model record, String name) {
        return tensor(record, name).getValues();
    }

    private static Tensor tensor(io.gatecast.avro.Model record, String name) {
        return record.getTensors().stream().filter(t -> t.getName().equals(name)).findFirst().orElseThrow();
    }
}
