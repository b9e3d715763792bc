package io.gatecast.network;

import io.gatecast.network.Architecture.Embedding;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.layer.EmbeddingTable;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import java.util.List;

/// Several networks of one architecture, trained from different seeds, as one network: Lakshminarayanan et al. (2017),
/// "Simple and scalable predictive uncertainty estimation using deep ensembles", arXiv:1612.01474. Their layers lie side
/// by side and do not see each other, so every matrix between units is block-diagonal, and the head says the mean of what
/// their heads say, before gates and increments are made of it. What comes out is an ordinary network of M times the
/// units: a file, a swap, a step know nothing of members.
public final class Ensemble {
    private final Architecture member;
    private final int members;

    /// @param member  the architecture of each
    /// @param members how many, M
    /// @throws IllegalArgumentException if such networks cannot lie side by side
    public Ensemble(Architecture member, int members) {
        require(members > 0, "members: expected at least 1, found " + members);
        List<RecurrentLayer> layers = member.layers();
        require(members == 1 || !layers.getFirst().residual(), "members: expected 1 of a network whose first layer is"
                + " residual, since its inputs are not there once for each, found " + members);
        require(members == 1 || layers.getFirst().grid() == null || member.embedding() == null,
                "members: expected 1 of a"
                        + " network whose positions see the numbers of a category, found " + members);
        for (int i = 1; i < layers.size() && members > 1; i++) {
            require(layers.get(i).grid() == null || positions(layers.get(i)) == positions(layers.get(i - 1)),
                    "members: expected 1 of a network whose layer " + i + " takes other positions than layer " + (i - 1)
                            + " gives, found " + members);
        }
        this.member = member;
        this.members = members;
    }

    private static int positions(RecurrentLayer layer) {
        return layer.grid() == null ? 0 : layer.grid().positions();
    }

    /// @return of the network that they are together
    public Architecture architecture() {
        List<RecurrentLayer> layers = member.layers().stream()
                .map(layer -> new RecurrentLayer(layer.cell(), members * layer.units(), layer.grid(),
                        layer.bidirectional(), layer.residual()))
                .toList();
        Embedding embedding = member.embedding();
        int embedded = embedding == null ? 0 : embedding.dimensions();
        return new Architecture(member.inputs() + (members - 1) * embedded, layers, member.head(),
                embedding == null ? null : new Embedding(embedding.categories(), members * embedded));
    }

    /// @param each the weights of every member
    /// @return the weights of the network that they are together
    public Parameters merge(List<Parameters> each) {
        Parameters whole = Network.parametersOf(architecture());
        for (int m = 0; m < members; m++) {
            for (Tensor tensor : whole.tensors()) {
                Tensor part = each.get(m).tensor(tensor.name());
                place(each.get(m), part, rows(tensor.name(), m), columns(tensor.name(), part, m), whole, tensor);
            }
        }
        return whole;
    }

    /// Where a row or a column of a member's tensor goes: groups of `width` lie side by side in it, and each becomes `M`
    /// times as wide.
    ///
    /// @param width of a group; 0 = where it was
    /// @param first before which nothing moves
    private record Places(int width, int first, int member, int members) {
        int of(int index) {
            if (width == 0 || index < first) {
                return index;
            }
            int group = (index - first) / width, within = (index - first) % width;
            return first + (group * members + member) * width + within;
        }
    }

    private Places rows(String tensor, int m) {
        int layer = layerOf(tensor);
        return switch (tensor.substring(tensor.indexOf('.') + 1)) {
            case "Wh" -> ofUnits(member.layers().size() - 1, m);
            case "Wx" -> ofInputs(m);
            case "W", "reverse.W" -> layer == 0 ? ofInputs(m) : ofUnits(layer - 1, m);
            case "U", "reverse.U", "V", "reverse.V" -> ofUnits(layer, m);
            default -> new Places(0, 0, m, members); // biases, peepholes, categories: a row is a row
        };
    }

    private Places ofUnits(int layer, int m) {
        return new Places(member.layers().get(layer).units(), 0, m, members);
    }

    /// The inputs are the same for all members but for the numbers of the category, of which each has its own.
    private Places ofInputs(int m) {
        Embedding embedding = member.embedding();
        return embedding == null
                ? new Places(0, 0, m, members)
                : new Places(embedding.dimensions(), member.inputs() - embedding.dimensions(), m, members);
    }

    private Places columns(String tensor, Tensor part, int m) {
        if (tensor.equals(EmbeddingTable.NAME)) {
            return new Places(part.columns(), 0, m, members);
        }
        int layer = layerOf(tensor);
        return layer < 0 ? new Places(0, 0, m, members) : ofUnits(layer, m);
    }

    /// @return the layer that a tensor belongs to; -1 = none
    private int layerOf(String tensor) {
        for (int i = 0; i < member.layers().size(); i++) {
            if (tensor.startsWith(Network.layerName(i) + ".")) {
                return i;
            }
        }
        return -1;
    }

    private void place(Parameters from, Tensor part, Places rows, Places columns, Parameters whole, Tensor tensor) {
        float share = tensor.name().startsWith("head.") ? 1f / members : 1;
        for (int i = 0; i < part.rows(); i++) {
            for (int j = 0; j < part.columns(); j++) {
                int to = tensor.offset() + rows.of(i) * tensor.columns() + columns.of(j);
                whole.values[to] += share * from.values[part.offset() + i * part.columns() + j];
            }
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
