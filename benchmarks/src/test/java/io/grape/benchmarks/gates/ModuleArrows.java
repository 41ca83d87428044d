package io.grape.benchmarks.gates;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which module may know which. A module is the third part of a package name: {@code io.grape.raft.core} is of raft.
 */
final class ModuleArrows {
    private static final String PREFIX = "io.grape.";

    /** The modules that each module may know, besides itself. */
    static final Map<String, Set<String>> ALLOWED = Map.of(
            "codecs", Set.of(),
            "transport", Set.of("codecs"),
            "raft", Set.of("codecs"),
            "vectors", Set.of(),
            "shards", Set.of("codecs"),
            "client", Set.of("codecs", "transport", "shards"),
            "node", Set.of("codecs", "transport", "raft", "vectors", "shards", "client"),
            "simulation", Set.of("codecs", "transport", "raft", "vectors", "shards", "client", "node"),
            "benchmarks", Set.of("codecs", "transport", "raft", "vectors", "shards", "client", "node", "simulation"));

    private ModuleArrows() {}

    /** Returns the dependencies that no arrow allows, one line each. */
    static List<String> violations(JavaClasses classes) {
        Set<String> violations = new TreeSet<>();
        for (JavaClass type : classes) {
            String module = moduleOf(type.getPackageName());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target = moduleOf(
                        dependency.getTargetClass().getBaseComponentType().getPackageName());
                if (!target.isEmpty()
                        && !target.equals(module)
                        && !allowed(module).contains(target)) {
                    violations.add(module + " may not know " + target + ": " + dependency.getDescription());
                }
            }
        }
        return List.copyOf(violations);
    }

    /** Returns the module of a package, or an empty text when it is none of ours. */
    static String moduleOf(String packageName) {
        if (!packageName.startsWith(PREFIX)) {
            return "";
        }
        String rest = packageName.substring(PREFIX.length());
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    private static Set<String> allowed(String module) {
        return ALLOWED.getOrDefault(module, Set.of());
    }
}
