package io.gatecast.app.http;

import io.gatecast.series.Model;
import io.gatecast.streams.ModelStanding;
import io.gatecast.streams.query.Holdings;
import io.gatecast.streams.query.Lately;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What there is to be asked once an instance runs.
///
/// @param holdings  its series
/// @param lately    what has gone out of late, of all series
/// @param newest    the newest model that it holds; null where there is none
/// @param standings of every version that it holds
/// @param admin     what admins change; null = nobody may
record Fleet(Holdings holdings, Lately lately, Supplier<@Nullable Model> newest,
        Supplier<List<ModelStanding>> standings, @Nullable Administration admin) {}
