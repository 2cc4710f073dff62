package io.kekbit.cli.records;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Fields chosen by their paths, as a tree of names. A path that ends at a group or a composite chooses everything in
 * it.
 */
final class FieldTree
{
    private static final FieldTree EVERYTHING = new FieldTree();

    static
    {
        EVERYTHING.isChosen = true;
    }

    private final Map<String, FieldTree> childByName = new HashMap<>();
    private boolean isChosen;

    private FieldTree()
    {
    }

    /**
     * Choose fields.
     *
     * @param paths to them; none choose everything.
     * @return the root of the tree.
     */
    static FieldTree of(final List<List<String>> paths)
    {
        if (paths.isEmpty())
        {
            return EVERYTHING;
        }

        final FieldTree root = new FieldTree();
        for (final List<String> path : paths)
        {
            FieldTree node = root;
            for (final String name : path)
            {
                node = node.childByName.computeIfAbsent(name, (key) -> new FieldTree());
            }
            node.isChosen = true;
        }

        return root;
    }

    /**
     * What is chosen below a name.
     *
     * @param name of a field, group or composite here.
     * @return the node, or null where nothing is.
     */
    FieldTree below(final String name)
    {
        return isChosen ? this : childByName.get(name);
    }

    /**
     * Whether everything from here on is chosen.
     */
    boolean isChosen()
    {
        return isChosen;
    }
}
