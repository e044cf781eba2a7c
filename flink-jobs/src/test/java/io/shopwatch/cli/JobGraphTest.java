package io.shopwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.settings.Settings;
import java.io.IOException;
import java.util.Collection;
import java.util.Set;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every job as it is submitted: state of a job that was changed is found again only by the uids of its operators. */
class JobGraphTest {

    /** What Flink calls operators that nobody named. */
    private static final Set<String> UNNAMED =
            Set.of("Map", "Filter", "Flat Map", "Process", "KeyedProcess", "Ordered", "Sliding windows", "CepOperator");

    @ParameterizedTest
    @EnumSource(ShopJob.class)
    void everyOperatorHasANameAndAUidOfItsOwn(ShopJob job) throws IOException {
        Collection<StreamNode> operators = graph(job).getStreamNodes();

        assertThat(operators)
                .extracting(StreamNode::getTransformationUID)
                .as("uids")
                .doesNotContainNull()
                .doesNotHaveDuplicates()
                .allMatch(uid -> uid.matches("(Sink Committer: )?[a-z0-9-]+-v\\d+"));
        assertThat(operators)
                .extracting(StreamNode::getOperatorName)
                .as("names")
                .allMatch(name -> !name.isBlank() && !UNNAMED.contains(name));
    }

    @ParameterizedTest
    @EnumSource(ShopJob.class)
    void becomesAJobWithoutGeneratedUidsAndWithoutKryo(ShopJob job) throws IOException {
        StreamGraph graph = graph(job);

        // Both would throw: types without a serializer of their own, operators without a uid.
        assertThat(graph.getJobGraph().getVertices()).isNotEmpty();
        assertThat(graph.getJobConfiguration().get(PipelineOptions.GENERIC_TYPES))
                .isFalse();
        assertThat(graph.getJobConfiguration().get(PipelineOptions.AUTO_GENERATE_UIDS))
                .isFalse();
    }

    private static StreamGraph graph(ShopJob job) throws IOException {
        StreamExecutionEnvironment env = new StreamExecutionEnvironment();
        job.define(env, Settings.defaults(), false);
        return env.getStreamGraph();
    }
}
