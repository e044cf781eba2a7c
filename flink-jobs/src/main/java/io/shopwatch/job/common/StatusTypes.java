package io.shopwatch.job.common;

import io.shopwatch.wire.JobStatus;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/** Flink's type of {@link JobStatus}: maps within maps are not recognised by themselves and would fall to Kryo. */
public final class StatusTypes {
    /** The type. */
    public static final TypeInformation<JobStatus> JOB_STATUS = Types.POJO(
            JobStatus.class,
            Map.of(
                    "job", Types.STRING,
                    "runId", Types.STRING,
                    "time", Types.LONG,
                    "watermark", Types.LONG,
                    "events", Types.MAP(Types.STRING, Types.MAP(Types.STRING, Types.LONG)),
                    "newest", Types.MAP(Types.STRING, Types.LONG)));

    private StatusTypes() {}
}
