package io.gatecast.app;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.kafka.clients.admin.NewTopic;

/// Which way the arrows point. Between modules the compiler sees to most of it; within a module nothing else does.
@AnalyzeClasses(packages = "io.gatecast", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    /// A record holds no behaviour to depend on: `Architecture` and `FeatureSpec` are words that the packages below
    /// their own may use.
    private static final DescribedPredicate<JavaClass> RECORD = describe("a record", ArchitectureTest::isRecord);

    @ArchTest
    static final ArchRule packagesFormNoCycles = slices().matching("io.gatecast.(**)").should().beFreeOfCycles()
            .ignoreDependency(alwaysTrue(), RECORD);

    @ArchTest
    static final ArchRule arrowsWithinNetworkPointDownward = layeredArchitecture().consideringOnlyDependenciesInLayers()
            .layer("network").definedBy("io.gatecast.network")
            .layer("head").definedBy("io.gatecast.network.head..")
            .layer("optimise").definedBy("io.gatecast.network.optimise..")
            .layer("layer").definedBy("io.gatecast.network.layer..")
            .layer("cell").definedBy("io.gatecast.network.cell..")
            .layer("tensor").definedBy("io.gatecast.network.tensor..")
            .layer("kernel").definedBy("io.gatecast.network.kernel..")
            .whereLayer("network").mayNotBeAccessedByAnyLayer()
            .whereLayer("head").mayOnlyBeAccessedByLayers("network")
            .whereLayer("optimise").mayOnlyBeAccessedByLayers("network")
            .whereLayer("layer").mayOnlyBeAccessedByLayers("network", "head")
            .whereLayer("cell").mayOnlyBeAccessedByLayers("network", "head", "layer")
            .whereLayer("tensor").mayOnlyAccessLayers("kernel")
            .whereLayer("kernel").mayNotAccessAnyLayer()
            .ignoreDependency(alwaysTrue(), RECORD);

    @ArchTest
    static final ArchRule onlyTheKernelsSeeTheVectorModule = noClasses().that()
            .resideOutsideOfPackage("io.gatecast.network.kernel..").should().dependOnClassesThat()
            .resideInAPackage("jdk.incubator..");

    @ArchTest
    static final ArchRule theNetworkSeesTheJdkAndDistributions = noClasses().that()
            .resideInAPackage("io.gatecast.network..").should().dependOnClassesThat()
            .resideOutsideOfPackages("io.gatecast.network..", "java..", "jdk.incubator..", "org.jspecify..",
                    "org.apache.commons.numbers..", "org.apache.commons.statistics..");

    @ArchTest
    static final ArchRule aSeriesSeesNeitherKafkaNorAvro = noClasses().that().resideInAPackage("io.gatecast.series..")
            .should().dependOnClassesThat().resideOutsideOfPackages("io.gatecast.series..", "io.gatecast.network..",
                    "java..", "org.jspecify..", "de.focus_shift.jollyday..", "org.apache.commons.text..");

    @ArchTest
    static final ArchRule whatServesDoesNotSeeWhatTrains = noClasses().that()
            .resideInAnyPackage("io.gatecast.streams..", "io.gatecast.series..", "io.gatecast.network..").should()
            .dependOnClassesThat().resideInAPackage("io.gatecast.training..");

    @ArchTest
    static final ArchRule onlyTheAppWritesToTheConsole = noClasses().that().resideOutsideOfPackage("io.gatecast.app..")
            .should().accessField(System.class, "out").orShould().accessField(System.class, "err");

    /// So that no topic is made that `topics create`, `check` and `acls` do not know.
    @ArchTest
    static final ArchRule topicsAreMadeByTheirPlan = noClasses().that().doNotHaveFullyQualifiedName(
            "io.gatecast.streams.TopicPlan").and().doNotHaveFullyQualifiedName("io.gatecast.schemas.Topics$Topic")
            .should().callConstructorWhere(describe("of a topic that is to be made",
                    call -> call.getTargetOwner().isEquivalentTo(NewTopic.class)));

    private static boolean isRecord(JavaClass type) {
        return type.isRecord() || type.getEnclosingClass().map(ArchitectureTest::isRecord).orElse(false);
    }
}
