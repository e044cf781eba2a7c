package io.shopwatch.settings;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * YAML as a tree of maps, lists and strings. Scalars stay as they are written, so {@code 0.10}, {@code NO} and {@code
 * 007} reach the one who knows their type; messages never quote the document, which may hold secrets.
 */
final class Yaml {
    private static final YAMLFactory YAML = new YAMLFactory();

    private Yaml() {}

    /**
     * The tree of a document: {@code Map<String, Object>}, {@code List<Object>}, {@code String} or null.
     *
     * @param origin where the text came from, for messages
     * @throws SettingsException if it is not one YAML document without aliases and without repeated keys
     */
    static Object parse(String text, String origin) {
        try (YAMLParser parser = YAML.createParser(text)) {
            if (parser.nextToken() == null) {
                return null;
            }
            Object tree = read(parser, origin);
            if (parser.nextToken() != null) {
                throw wrong(origin, parser.currentTokenLocation(), "more than one YAML document");
            }
            return tree;
        } catch (JsonProcessingException e) {
            if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
                throw new SettingsException(origin + ", line "
                        + (marked.getProblemMark().getLine() + 1) + ": not YAML: "
                        + marked.getProblem().replace('\n', ' '));
            }
            throw wrong(origin, e.getLocation(), "not YAML");
        } catch (IOException e) {
            throw new SettingsException(origin + ": not YAML: " + e.getMessage());
        }
    }

    private static Object read(YAMLParser parser, String origin) throws IOException {
        if (parser.isCurrentAlias()) {
            throw wrong(origin, parser.currentTokenLocation(), "YAML aliases are not supported");
        }
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> map = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonLocation location = parser.currentTokenLocation();
                parser.nextToken();
                boolean again = map.containsKey(name);
                map.put(name, read(parser, origin));
                if (again) {
                    throw wrong(origin, location, "the key " + name + " is given twice");
                }
            }
            return map;
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(read(parser, origin));
            }
            return list;
        }
        return token == JsonToken.VALUE_NULL ? null : parser.getText();
    }

    private static SettingsException wrong(String origin, JsonLocation location, String problem) {
        String line = location == null ? "" : ", line " + location.getLineNr();
        return new SettingsException(origin + line + ": " + problem);
    }
}
