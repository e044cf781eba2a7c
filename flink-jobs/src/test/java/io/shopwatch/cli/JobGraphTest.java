package io.shopwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.settings.Settings;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every job as it is submitted: state of a job that was changed is found again only by the uids of its operators. */
class JobGraphTest {

    /** What Flink calls operators that nobody named. */
    private static final Set<String> UNNAMED =
            Set.of("Map", "Filter", "Flat Map", "Process", "KeyedProcess", "Ordered", "Sliding windows", "CepOperator");

    /** Each by itself, and all together. */
    static Stream<FlinkJob> jobs() {
        List<ShopJob> all = List.of(ShopJob.values());
        return Stream.concat(
                all.stream().flatMap(job -> FlinkJob.of(List.of(job)).stream()),
                FlinkJob.of(all).stream().filter(job -> job.parts().size() > 1));
    }

    @Test
    void thoseThatReadEventsReadThemTogether() {
        assertThat(FlinkJob.of(List.of(ShopJob.values())))
                .containsExactly(
                        new FlinkJob("shop", List.of(ShopJob.FUNNEL, ShopJob.SALES, ShopJob.INVENTORY)),
                        new FlinkJob("alert", List.of(ShopJob.ALERT)));
        assertThat(FlinkJob.of(List.of(ShopJob.SALES))).containsExactly(new FlinkJob("sales", List.of(ShopJob.SALES)));
    }

    /** Else one with nothing to do would tell the alert job that it is now, while the others are in a backlog. */
    @Test
    void thoseThatRunTogetherReportTheTimeOfTheLastOfThem() throws IOException {
        StreamGraph graph = graph(FlinkJob.of(List.of(ShopJob.values())).get(0));
        List<StreamNode> reports = graph.getStreamNodes().stream()
                .filter(node -> node.getOperatorName().startsWith("Sum counts"))
                .toList();

        assertThat(reports).hasSize(3).allSatisfy(report -> assertThat(report.getInEdges())
                .extracting(edge -> graph.getStreamNode(edge.getSourceId()).getOperatorName())
                .filteredOn(name -> name.startsWith("Time of"))
                .containsExactlyInAnyOrder(
                        "Time of funnel, for the report",
                        "Time of sales, for the report",
                        "Time of inventory, for the report"));
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void everyOperatorHasANameAndAUidOfItsOwn(FlinkJob job) throws IOException {
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
    @MethodSource("jobs")
    void becomesAJobWithoutGeneratedUidsAndWithoutKryo(FlinkJob job) throws IOException {
        StreamGraph graph = graph(job);

        // Both would throw: types without a serializer of their own, operators without a uid.
        assertThat(graph.getJobGraph().getVertices()).isNotEmpty();
        assertThat(graph.getJobConfiguration().get(PipelineOptions.GENERIC_TYPES))
                .isFalse();
        assertThat(graph.getJobConfiguration().get(PipelineOptions.AUTO_GENERATE_UIDS))
                .isFalse();
    }

    private static StreamGraph graph(FlinkJob job) throws IOException {
        StreamExecutionEnvironment env = new StreamExecutionEnvironment();
        job.define(env, Settings.defaults(), false);
        return env.getStreamGraph();
    }
}
