/// Networks to and from the files of other tools: safetensors with PyTorch's names, ONNX graphs. Sees the network
/// alone, neither data nor Kafka.
@NullMarked
package io.gatecast.training.exchange;

import org.jspecify.annotations.NullMarked;
