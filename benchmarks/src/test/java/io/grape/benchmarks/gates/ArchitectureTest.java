package io.grape.benchmarks.gates;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchitectureTest {
    private static final Repository REPOSITORY = Repository.find();
    private static final String GENERATED = "io.grape.codecs.sbe";

    /** The consensus core: its inputs are arguments, so that a simulation owns time, disk, network and chance. */
    private static final ArchRule PURE_CORE = ArchRuleDefinition.noClasses()
            .that()
            .resideInAPackage("io.grape.raft.core..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.aeron..",
                    "com.lmax..",
                    "java.io..",
                    "java.net..",
                    "java.nio.file..",
                    "java.nio.channels..",
                    "java.time..",
                    "java.util.concurrent..",
                    "java.util.random..",
                    "io.grape.raft.journal..",
                    "io.grape.raft.pipeline..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.Thread")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .allowEmptyShould(true);

    private static final ArchRule NO_PACKAGE_CYCLES =
            slices().assignedFrom(new PackageSlices()).should().beFreeOfCycles().allowEmptyShould(true);

    private static JavaClasses classes;

    @TempDir
    Path folder;

    @BeforeAll
    static void readTheClassesOfEveryModule() {
        List<Path> folders = REPOSITORY.modules().stream()
                .map(module -> REPOSITORY.classes(module, "main"))
                .toList();
        classes = new ClassFileImporter().importPaths(folders);
    }

    @Test
    void everyModuleHasItsArrowsWrittenDown() {
        assertThat(ModuleArrows.ALLOWED.keySet()).containsAll(REPOSITORY.modules());
    }

    @Test
    void everyClassLivesInThePackagesOfItsModule() {
        for (String module : REPOSITORY.modules()) {
            Path folder = REPOSITORY.classes(module, "main");
            assertThat(new ClassFileImporter().importPaths(folder))
                    .as("classes of %s outside of io.grape.%s", module, module)
                    // What a library generates into its own package, at build time instead of at run time.
                    .filteredOn(type -> !type.getPackageName().startsWith("net.openhft.chronicle"))
                    .extracting(type -> ModuleArrows.moduleOf(type.getPackageName()))
                    .allMatch(module::equals);
        }
    }

    @Test
    void modulesKnowOnlyWhatTheyMay() {
        assertThat(classes.size()).isGreaterThan(50);
        assertThat(ModuleArrows.violations(classes)).isEmpty();
    }

    @Test
    void noPackagesDependOnEachOther() {
        NO_PACKAGE_CYCLES.check(classes);
    }

    @Test
    void theConsensusCoreIsPure() {
        PURE_CORE.check(classes);
    }

    @Test
    void aForbiddenArrowIsFound() {
        JavaClasses bad = compile(
                "package io.grape.shards; public class Table {}",
                "package io.grape.codecs; public class Bad { io.grape.shards.Table[] tables; }",
                "package io.grape.client; public class Good { io.grape.shards.Table table; }");
        assertThat(ModuleArrows.violations(bad))
                .isNotEmpty()
                .allMatch(violation -> violation.startsWith("codecs may not know shards"));
    }

    @Test
    void aPackageCycleIsFound() {
        JavaClasses bad = compile(
                "package io.grape.shards; public class Top { io.grape.shards.ring.Ring ring; }",
                "package io.grape.shards.ring; public class Ring { io.grape.shards.Top top; }");
        assertThatThrownBy(() -> NO_PACKAGE_CYCLES.check(bad)).hasMessageContaining("Cycle detected");
        JavaClasses good = compile(
                "package io.grape.shards; public class Top { io.grape.shards.ring.Ring ring; }",
                "package io.grape.shards.ring; public class Ring {}");
        assertThatCode(() -> NO_PACKAGE_CYCLES.check(good)).doesNotThrowAnyException();
    }

    @Test
    void anImpureCoreIsFound() {
        assertImpure("java.util.Random random;");
        assertImpure("long now() { return System.nanoTime(); }");
        assertImpure("java.nio.channels.FileChannel file;");
        assertImpure("void run() { Thread.yield(); }");
    }

    private void assertImpure(String member) {
        JavaClasses bad = compile("package io.grape.raft.core; public class Bad { " + member + " }");
        assertThatThrownBy(() -> PURE_CORE.check(bad)).isInstanceOf(AssertionError.class);
    }

    private JavaClasses compile(String... sources) {
        Compiled.into(folder, sources);
        return new ClassFileImporter().importPath(folder);
    }

    /** Each package is a slice; what is generated is left out. */
    private static final class PackageSlices implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            String name = type.getPackageName();
            boolean ours = !ModuleArrows.moduleOf(name).isEmpty() && !name.startsWith(GENERATED);
            return ours ? SliceIdentifier.of(name) : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages of Grape";
        }
    }
}
