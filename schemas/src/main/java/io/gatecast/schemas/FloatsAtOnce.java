package io.gatecast.schemas;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.io.Encoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;

/// Avro's writer, but an array of floats goes out in one piece: a forecast is hundreds of them, and Avro asks anew of
/// each which type it is. The bytes are the same.
final class FloatsAtOnce<T> extends SpecificDatumWriter<T> {

    FloatsAtOnce(Schema schema, SpecificData data) {
        super(schema, data);
    }

    @Override
    protected void writeArray(Schema schema, Object array, Encoder out) throws IOException {
        if (schema.getElementType().getType() == Schema.Type.FLOAT && array instanceof List<?> list) {
            writeFloats(list, out);
        } else {
            super.writeArray(schema, array, out);
        }
    }

    private static void writeFloats(List<?> list, Encoder out) throws IOException {
        int size = list.size();
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * size).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            bytes.putFloat((Float) list.get(i));
        }
        out.writeArrayStart();
        out.setItemCount(size);
        out.writeFixed(bytes.array());
        out.writeArrayEnd();
    }
}
