package io.kekbit.examples.marketdata;

/**
 * Understands the lines of a kind of input. Keeps nothing between lines.
 */
interface LineParser
{
    /**
     * Where the messages come from.
     *
     * @return at most 8 ASCII characters.
     */
    String venue();

    /**
     * Take the message from a line.
     *
     * @param line       without its end.
     * @param lineNumber from 1 on.
     * @param message    to fill.
     * @return false where the line is right not to hold a message, as a header is.
     * @throws InvalidInputException where the line is not understood.
     */
    boolean parse(String line, long lineNumber, InputMessage message) throws InvalidInputException;
}
