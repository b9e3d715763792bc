package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.Model;
import io.gatecast.streams.ModelDifference.Row;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelDifferenceTest {
    @Test
    void theSameModelDiffersInNothing() {
        assertEquals(List.of(), ModelDifference.between(TestModels.record(1, 0), TestModels.record(1, 0)));
    }

    @Test
    void fieldsAreToldByTheirPathAndWeightsByHowFarTheyLieApart() {
        Model one = TestModels.record(1, 0), other = TestModels.record(1, 0);
        other.setModelId("another");
        other.getFeatures().setSeasons(List.of(5));
        other.getFeatures().setColdWidening(Collections.nCopies(20, 2f));
        other.setSignature(ByteBuffer.allocate(64));
        ByteBuffer weights = other.getTensors().getFirst().getValues().order(ByteOrder.LITTLE_ENDIAN);
        weights.putFloat(0, weights.getFloat(0) + 3);
        weights.putFloat(8, weights.getFloat(8) - 4);
        other.getTensors().getLast().setColumns(1);
        List<Row> rows = ModelDifference.between(one, other);
        assertEquals(new Row("modelId", "fleet", "another"), rows.get(0));
        assertEquals(new Row("features.seasons[0]", "4", "5"), rows.get(1));
        assertEquals(new Row("features.coldWidening", "[]", "20 from 2.0 to 2.0"), rows.get(2));
        assertEquals(new Row("signature", "-", "64 bytes"), rows.get(3));
        assertTrue(rows.get(4).what().equals("layer0.W") && rows.get(4).other().endsWith(", apart 5.000"),
                rows.toString());
        assertTrue(rows.get(5).what().equals("head.b") && rows.get(5).other().endsWith("[1]"), rows.toString());
        assertEquals(6, rows.size());
    }
}
