package io.gatecast.app.command.mixin;

import io.gatecast.training.data.BundledData;
import java.util.Iterator;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The bundled data sets by their names.
public final class BundledDataNames implements ITypeConverter<BundledData>, Iterable<String> {

    @Override
    public BundledData convert(String name) {
        return Stream.of(BundledData.values()).filter(data -> data.id().equals(name)).findFirst().orElseThrow(
                () -> new TypeConversionException(
                        "no data set '" + name + "': expected one of " + String.join(", ", this)));
    }

    @Override
    public Iterator<String> iterator() {
        return Stream.of(BundledData.values()).map(BundledData::id).iterator();
    }
}
