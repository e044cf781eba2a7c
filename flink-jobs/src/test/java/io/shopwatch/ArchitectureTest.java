package io.shopwatch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The walls between the packages. A rule that fails says why it is there; none has exceptions on a list. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.shopwatch");

    private static final String FLINK = "org.apache.flink..";
    private static final String TOPICS = "io.shopwatch.kafka..";
    private static final String KAFKA_CLIENTS = "org.apache.kafka.clients..";
    private static final String KAFKA_COMMON = "org.apache.kafka.common..";
    private static final String JACKSON = "com.fasterxml.jackson..";
    private static final String SLF4J = "org.slf4j..";

    static Stream<ArchRule> walls() {
        return Stream.of(
                mayUse(
                        "io.shopwatch.domain..",
                        "the rules of the shop must be testable and readable without any framework"),
                mayUse(
                        "io.shopwatch.wire..",
                        "formats outlive programs: they know values, not settings or jobs",
                        "io.shopwatch.domain..",
                        JACKSON),
                mayUse(
                        "io.shopwatch.settings..",
                        "settings are read before anything else exists",
                        "io.shopwatch.domain..",
                        JACKSON,
                        "org.yaml.snakeyaml.."),
                mayUse(
                        "io.shopwatch.kafka..",
                        "topics are made and found ready in one way, whoever needs them",
                        "io.shopwatch.wire..",
                        "io.shopwatch.settings..",
                        "io.shopwatch.domain..",
                        KAFKA_CLIENTS,
                        KAFKA_COMMON),
                mayUse(
                        "io.shopwatch.job.common..",
                        "what the jobs share must not know a single one of them",
                        TOPICS,
                        "io.shopwatch.wire..",
                        "io.shopwatch.settings..",
                        "io.shopwatch.domain..",
                        FLINK,
                        KAFKA_CLIENTS,
                        KAFKA_COMMON,
                        SLF4J),
                job("funnel"),
                job("sales"),
                job("inventory"),
                job("alert"),
                mayUse(
                        "io.shopwatch.serve..",
                        "serve runs where there is no Flink, and sees nothing but the result topics",
                        TOPICS,
                        "io.shopwatch.notify..",
                        "io.shopwatch.wire..",
                        "io.shopwatch.settings..",
                        "io.shopwatch.domain..",
                        KAFKA_CLIENTS,
                        KAFKA_COMMON,
                        "io.prometheus.client..",
                        "org.eclipse.jetty..",
                        JACKSON,
                        SLF4J),
                mayUse(
                        "io.shopwatch.notify..",
                        "delivery must go on while Flink is down, and know nothing of the page",
                        TOPICS,
                        "io.shopwatch.wire..",
                        "io.shopwatch.settings..",
                        "io.shopwatch.domain..",
                        KAFKA_CLIENTS,
                        KAFKA_COMMON,
                        "io.prometheus.client..",
                        JACKSON,
                        SLF4J),
                mayUse(
                        "io.shopwatch.simulate..",
                        "simulated shops are producers like any other, and send as a replay does",
                        "io.shopwatch.replay..",
                        "io.shopwatch.wire..",
                        "io.shopwatch.settings..",
                        "io.shopwatch.domain..",
                        KAFKA_CLIENTS,
                        KAFKA_COMMON,
                        JACKSON,
                        SLF4J),
                mayUse(
                        "io.shopwatch.replay..",
                        "recorded events are read the same way for Kafka and for a backtest",
                        TOPICS,
                        "io.shopwatch.wire..",
                        "io.shopwatch.settings..",
                        "io.shopwatch.domain..",
                        KAFKA_CLIENTS,
                        KAFKA_COMMON,
                        JACKSON,
                        SLF4J),
                noClasses()
                        .that(resideInAPackage("io.shopwatch.embedded.."))
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(
                                "io.shopwatch.serve..",
                                "io.shopwatch.notify..",
                                "io.shopwatch.simulate..",
                                "io.shopwatch.replay..",
                                "io.shopwatch.backtest..",
                                "io.shopwatch.job.funnel..",
                                "io.shopwatch.job.sales..",
                                "io.shopwatch.job.inventory..",
                                "io.shopwatch.job.alert.."))
                        .because("a broker and a cluster in this process are infrastructure, whatever runs on them"),
                noClasses()
                        .that(resideInAPackage("io.shopwatch.backtest.."))
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(
                                "io.shopwatch.serve..", "io.shopwatch.notify..", "org.apache.kafka.clients.."))
                        .because("a backtest runs the jobs without Kafka and pages nobody"),
                noClasses()
                        .that(resideOutsideOfPackage("io.shopwatch.cli.."))
                        .should()
                        .dependOnClassesThat(resideInAnyPackage("io.shopwatch.cli..", "picocli.."))
                        .because("the command line puts things together; nothing may depend on how it was called"),
                slices().matching("io.shopwatch.domain.(*)..")
                        .should()
                        .beFreeOfCycles()
                        .because("a rule is understood from the ground up"),
                noClasses()
                        .should()
                        .dependOnClassesThat(resideInAPackage("java.util.logging.."))
                        .because("there is one log, through SLF4J, with its level in one place"),
                noClasses()
                        .that(resideOutsideOfPackage("io.shopwatch.cli.."))
                        .should(ACCESS_STANDARD_STREAMS)
                        .because("standard output belongs to the command line; libraries log or throw"),
                classes()
                        .that()
                        .areAssignableTo(Record.class)
                        .and()
                        .resideInAPackage("io.shopwatch.wire..")
                        .and()
                        .areTopLevelClasses()
                        .should()
                        .bePublic()
                        .because("what is on a topic is for everybody"));
    }

    @ParameterizedTest
    @MethodSource("walls")
    void staysWithinItsWalls(ArchRule wall) {
        // Empty packages keep every rule.
        wall.allowEmptyShould(true).check(CLASSES);
    }

    @Test
    void everyClassIsInAPackageOfThePlan() {
        List<String> plan = List.of(
                "domain.event",
                "domain.window",
                "domain.funnel",
                "domain.sales",
                "domain.inventory",
                "domain.alert",
                "wire",
                "settings",
                "kafka",
                "job.common",
                "job.funnel",
                "job.sales",
                "job.inventory",
                "job.alert",
                "serve",
                "notify",
                "embedded",
                "simulate",
                "replay",
                "backtest",
                "cli");

        assertThat(CLASSES.stream()
                        .map(JavaClass::getPackageName)
                        .map(name -> name.replaceFirst("io\\.shopwatch\\.?", ""))
                        .distinct())
                .isSubsetOf(plan);
    }

    private static ArchRule job(String name) {
        return mayUse(
                "io.shopwatch.job." + name + "..",
                "each job can be rerun, changed and dropped without the others",
                "io.shopwatch.job.common..",
                "io.shopwatch.wire..",
                "io.shopwatch.settings..",
                "io.shopwatch.domain..",
                FLINK,
                KAFKA_CLIENTS,
                KAFKA_COMMON,
                SLF4J);
    }

    /** Classes of the package may use the JDK, each other and the given packages. */
    private static ArchRule mayUse(String packages, String reason, String... others) {
        String[] allowed = Stream.concat(
                        Stream.of(packages, "java..", "javax.crypto..", "javax.net..", ""), Stream.of(others))
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(packages)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed))
                .because(reason);
    }
}
